"""The yardstick for requests: Flask by itself, behind the same gunicorn settings."""

from gevent import monkey

monkey.patch_all()

from flask import Flask, Response  # noqa: E402

flask = Flask(__name__)
app = flask.wsgi_app  # a plain function: what gunicorn.conf.py does for rplay's own application is not for this one


@flask.get("/api/health/ready")
def ready() -> Response:
    return Response(b'{"status":"ready"}', content_type="application/json")
