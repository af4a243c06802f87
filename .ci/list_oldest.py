"""Print every package that searchsvc depends on, in the oldest version that setup.cfg permits."""

from __future__ import annotations

import configparser
import re


def main() -> None:
    config = configparser.ConfigParser()
    config.read("setup.cfg", encoding="utf-8")
    for line in config["options"]["install_requires"].split():
        found = re.match(r"([A-Za-z0-9.-]+)>=([0-9.]+)", line)
        if found:
            print(f"{found[1]}=={found[2]}")


if __name__ == "__main__":
    main()
