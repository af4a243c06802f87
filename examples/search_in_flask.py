"""Search inside a Flask application of your own: run `flask --app search_in_flask run`.

The whole service with its page and API is `searchsvc.web.create_app()`; this is for a site that has
pages of its own.
"""

import tempfile

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from searchsvc import Index

app = Flask(__name__)
index = Index.open(tempfile.mkdtemp(), create=True)
index.add([{"title": "Panen Padi", "body": "Petani memanen padi di Karawang."}])


@app.get("/cari")
def cari() -> ResponseReturnValue:
    answer = index.search(request.args.get("q", ""))
    return jsonify(total=answer.total, hits=[hit.title_html for hit in answer.hits])


if __name__ == "__main__":
    print(app.test_client().get("/cari?q=panen").get_json())
