"""``python -m searchsvc``: the command ``searchsvc``, where its script is not on the path."""

from searchsvc.cli import main

if __name__ == "__main__":
    main()
