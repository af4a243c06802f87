"""How is the HTTP service made? :func:`create_app` builds it, :func:`warm_up` loads what it will
need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Flask, Response
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from indexer.calendar import find_now
from indexer.engine.base import Engine
from indexer.errors import IndexerError
from searchsvc import __version__
from searchsvc.access.gate import Access
from searchsvc.data_folder import DataFolder
from searchsvc.insight.collecting import Insight
from searchsvc.limits import MAX_QUESTION_BYTES
from searchsvc.meilisearch.routes import meilisearch
from searchsvc.monitoring.counts import Counts
from searchsvc.own_dictionary import watch_dictionary
from searchsvc.search import run_search
from searchsvc.settings import Settings, load
from searchsvc.suggest import suggest
from searchsvc.tasks.queue import TaskQueue
from searchsvc.turns import Turns, Waiting
from searchsvc.web.address_check import AddressCheck
from searchsvc.web.address_limit import EVENTS_A_MINUTE, LOGINS_A_MINUTE, AddressLimit
from searchsvc.web.answer_cache import AnswerCache
from searchsvc.web.api import api
from searchsvc.web.articles_api import articles_api
from searchsvc.web.assets import TEMPLATES, Assets, hash_bytes, hash_templates
from searchsvc.web.branding import read_branding
from searchsvc.web.converters import ArticleIdConverter
from searchsvc.web.discovery import discovery
from searchsvc.web.events_api import events_api
from searchsvc.web.headers import add_headers
from searchsvc.web.insight_api import insight_api
from searchsvc.web.insight_page import insight_page
from searchsvc.web.keys_api import keys_api
from searchsvc.web.metrics import metrics
from searchsvc.web.open_index import OpenIndex
from searchsvc.web.page import page
from searchsvc.web.pins_api import pins_api
from searchsvc.web.problems import register_problems
from searchsvc.web.rates import limit_rates
from searchsvc.web.rehearsal import list_beginnings, list_rehearsals
from searchsvc.web.service import EXTENSION, Others, Service
from searchsvc.web.system import system
from searchsvc.web.tasks_api import tasks_api
from searchsvc.web.watched import watch

__all__ = ["close_files", "create_app", "warm_up"]


def create_app(
    settings: Settings | Mapping[str, object] | None = None,
    *,
    engine: Engine | None = None,
    clock: Callable[[], datetime] = find_now,
) -> Flask:
    """A WSGI app that answers from the index named by the settings, or from ``engine``.

    ``settings`` may be a mapping of some of them; the rest come from the environment and the
    defaults (see :func:`searchsvc.settings.load`). The first request that needs the index opens it;
    while there is none, such requests get a 503 and the app keeps running. ``clock`` returns
    the current time with a time zone. Raises UnknownName and InvalidSetting for invalid settings.
    """
    chosen = settings if isinstance(settings, Settings) else load(settings)
    app = Flask("searchsvc.web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_QUESTION_BYTES
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    # An article id may be a URL, whose double slash must survive.
    app.url_map.merge_slashes = False
    app.url_map.converters["article_id"] = ArticleIdConverter
    branding = read_branding(chosen)
    if branding.templates is not None:
        # Consulted before the blueprint's loader. A site's template that changes part of ours
        # extends it with this prefix.
        ours = FileSystemLoader(TEMPLATES)
        app.jinja_loader = ChoiceLoader(
            [FileSystemLoader(branding.templates), PrefixLoader({"searchsvc": ours})]
        )
    assets = Assets(branding.files)
    app.extensions[EXTENSION] = Service(
        settings=chosen,
        name=chosen.index.name,
        index=OpenIndex(chosen.index, engine=engine),
        cache=AnswerCache(chosen.cache_bytes),
        assets=assets,
        build=hash_bytes(
            __version__.encode(),
            hash_templates(branding.templates).encode(),
            assets.version_of_all().encode(),
            repr(chosen).encode(),
        ),
        dictionary=watch_dictionary(chosen, app.logger.warning),
        turns=Turns(chosen.threads, longest_wait_seconds=chosen.query_deadline_seconds),
        folder=DataFolder(chosen.data_folder),
        queue=TaskQueue(
            chosen.data_folder, most_tasks=chosen.queue_tasks, most_bytes=chosen.queue_bytes
        ),
        access=Access(chosen),
        others=Others(),
        counts=Counts(),
        waiting=Waiting(),
        branding=branding,
        insight=Insight(chosen, app.logger.warning) if chosen.insight else None,
        event_limit=AddressLimit(EVENTS_A_MINUTE),
        login_limit=AddressLimit(LOGINS_A_MINUTE),
        clock=clock,
    )
    app.register_blueprint(system)
    app.register_blueprint(metrics)
    app.register_blueprint(api, url_prefix="/api/v1")
    app.register_blueprint(api, url_prefix="/api/v1/indexes/<index_name>", name="named_api")
    app.register_blueprint(articles_api, url_prefix="/api/v1")
    app.register_blueprint(
        articles_api, url_prefix="/api/v1/indexes/<index_name>", name="named_articles_api"
    )
    app.register_blueprint(tasks_api, url_prefix="/api/v1")
    app.register_blueprint(keys_api, url_prefix="/api/v1")
    app.register_blueprint(events_api, url_prefix="/api/v1")
    app.register_blueprint(insight_api, url_prefix="/api/v1")
    app.register_blueprint(
        insight_api, url_prefix="/api/v1/indexes/<index_name>", name="named_insight_api"
    )
    app.register_blueprint(insight_page)
    app.register_blueprint(pins_api, url_prefix="/api/v1")
    app.register_blueprint(
        pins_api, url_prefix="/api/v1/indexes/<index_name>", name="named_pins_api"
    )
    app.register_blueprint(page)
    if chosen.meilisearch:
        app.register_blueprint(meilisearch)
    app.register_blueprint(discovery)
    register_problems(app)
    limit_rates(app, chosen)

    @app.after_request
    def finish(response: Response) -> Response:
        return add_headers(response, chosen)

    app.wsgi_app = AddressCheck(  # type: ignore[method-assign]
        app.wsgi_app, chosen.trusted_hosts
    )
    if chosen.trusted_proxies:
        count = chosen.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_prefix=count
        )
    service: Service = app.extensions[EXTENSION]
    watch(app, service.counts, slow_ms=chosen.slow_query_ms, log=chosen.access_log)
    return app


def warm_up(app: Flask) -> None:
    """Load what the first requests would have to wait for; do nothing if there is no index."""
    service: Service = app.extensions[EXTENSION]
    if service.insight is not None:
        service.insight.prepare()
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    try:
        engine = service.index.engine()
        with engine.snapshot() as snapshot:
            for request in list_rehearsals(snapshot):
                run_search(engine, request, analyzer=service.analyzer(), ranking=service.ranking())
            for typed in list_beginnings(snapshot):
                suggest(engine, typed, analyzer=service.analyzer())
    except IndexerError as error:
        app.logger.warning("%s", error)


def close_files(app: Flask) -> None:
    """Close the index's files until the next request, but keep what was loaded from them."""
    service: Service = app.extensions[EXTENSION]
    service.index.close_files()
