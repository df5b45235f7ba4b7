# syntax=docker/dockerfile:1
# The page and the API over the folder that QA_CORPUS names, over the documents on the film where it names none:
#   docker build -t qa . && docker run -p 127.0.0.1:8000:8000 -v ~/papers:/corpus:ro -e QA_CORPUS=/corpus qa
# Asking needs no torch, so none is installed.

FROM python:3.12-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --wheel-dir /wheels .

FROM python:3.12-slim-bookworm
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels 'qa==0.1.0' \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin qa \
    && install -d -o qa -g qa /var/lib/qa
ENV XDG_CACHE_HOME=/var/lib/qa PYTHONDONTWRITEBYTECODE=1
WORKDIR /var/lib/qa
USER 10001
VOLUME /var/lib/qa
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["qa"]
# Only what is published reaches it: compose.yaml publishes on this machine alone. Elsewhere give --keys FILE.
CMD ["serve", "--host", "0.0.0.0", "--without-keys"]
