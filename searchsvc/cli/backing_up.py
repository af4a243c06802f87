"""How is everything backed up and restored? The commands backup and restore."""

from __future__ import annotations

from pathlib import Path

import click

from searchsvc.cli.committing import wait_option
from searchsvc.cli.opening import index_option
from searchsvc.cli.output import format_bytes, format_count, json_option, print_json

_repository_option = click.option(
    "--repository",
    default="",
    metavar="NAME",
    help="Snapshot repository of OpenSearch, if the index is there.",
)
_ONLY_HELP = "Only the index of this name, without tasks and keys. Repeat it."


@click.command(
    short_help="Back up everything, also while it is served.",
    epilog="Example: searchsvc backup /var/backups/searchsvc --keep 14 --index /srv/search/news",
)
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--only", "names", multiple=True, metavar="NAME", help=_ONLY_HELP)
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="N",
    help="Afterwards remove all but the newest N backups of the same in FOLDER.",
)
@click.option(
    "--copy",
    is_flag=True,
    help="Copy segments also on the same disk, where links to them would do.",
)
@_repository_option
@json_option
@index_option
def backup(
    index: Path,
    folder: Path,
    names: tuple[str, ...],
    keep: int | None,
    copy: bool,
    repository: str,
    as_json: bool,
) -> None:
    """Back up all indexes beside an index, with tasks and keys, into a new folder in FOLDER.

    Writers and the service go on. The backup is read again and verified before it gets its name.
    Of an index in OpenSearch a snapshot is taken there.
    """
    from searchsvc.backup.elsewhere import is_record, read_saved
    from searchsvc.backup.make import make_backup
    from searchsvc.data_folder import DataFolder
    from searchsvc.engines import is_elsewhere, open_engine
    from searchsvc.settings import load

    if is_elsewhere(index):
        # Where it was never used on this machine, that makes its folder.
        open_engine(index).close()
    settings = load({"index": index})
    made = make_backup(
        DataFolder(settings.data_folder),
        folder,
        dictionary=settings.dictionary,
        names=names,
        link=not copy,
        keep=keep,
        repository=repository,
    )
    if as_json:
        print_json(
            {
                "backup": str(made.folder),
                "indexes": {name: one.generation for name, one in made.manifest.indexes.items()},
                "articles": made.manifest.articles,
                "bytes": made.bytes,
                "own_bytes": made.own_bytes,
                "removed": [str(path) for path in made.removed],
            }
        )
        return
    shared = made.bytes - made.own_bytes
    sharing = (
        f", {format_bytes(shared)} of it shared with the index or earlier backups" if shared else ""
    )
    click.echo(
        f"Backed up {format_count(made.manifest.articles, 'article')} of "
        f"{format_count(len(made.manifest.indexes), 'index', 'indexes')} in {made.folder} "
        f"({format_bytes(made.bytes)}{sharing})."
    )
    for name in made.manifest.indexes:
        if is_record(made.folder / name):
            saved = read_saved(made.folder / name)
            click.echo(
                f"The articles of {name} are in the snapshot {saved.snapshot} of the repository "
                f"{saved.repository}."
            )
    if made.removed:
        click.echo(f"Removed {format_count(len(made.removed), 'older backup')}.")


@click.command(
    short_help="Restore a backup, also while it is served.",
    epilog="Example: searchsvc restore /var/backups/searchsvc --index /srv/search/news",
)
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--only", "names", multiple=True, metavar="NAME", help=_ONLY_HELP)
@click.option("--force", is_flag=True, help="Replace indexes, tasks and keys that are there.")
@_repository_option
@wait_option
@json_option
@index_option
def restore(
    index: Path,
    folder: Path,
    names: tuple[str, ...],
    force: bool,
    repository: str,
    wait: float,
    as_json: bool,
) -> None:
    """Restore a backup, or the newest one in FOLDER, to the folder that contains the index.

    It is verified before anything is replaced, and indexes that are not in it are left alone. A
    service that runs there goes on with what was restored. An index that was in OpenSearch needs an
    address to be restored to.
    """
    from searchsvc.backup.elsewhere import find_destination
    from searchsvc.backup.restore import restore_backup
    from searchsvc.data_folder import DataFolder
    from searchsvc.settings import load

    target = DataFolder(load({"index": index}).data_folder)
    done = restore_backup(
        folder,
        target,
        names=names,
        force=force,
        wait_s=wait,
        destination=find_destination(index, repository),
    )
    saved = done.indexes
    if as_json:
        print_json(
            {
                "backup": str(done.source),
                "made_at": done.manifest.made_at,
                "indexes": {name: one.generation for name, one in saved.items()},
                "articles": sum(one.articles for one in saved.values()),
                "files": list(done.files),
                "renewed": list(done.renewed),
            }
        )
        return
    articles = format_count(sum(one.articles for one in saved.values()), "article")
    click.echo(
        f"Restored {articles} of {format_count(len(saved), 'index', 'indexes')} in {target.path}, "
        f"as they were at {done.manifest.made_at}."
    )
    for file in done.renewed:
        click.echo(f"{file} was damaged, and is another file now: restart the service.")
    for name, one in saved.items():
        if one.dictionary:
            click.echo(
                f"The dictionary of {name} was not replaced: it was at {one.dictionary}, and is in "
                f"the backup as dictionary-{name}.txt."
            )
