# Altinn Notifications mock: docker build -t altinn-notifications-mock . && docker run -p 5090:5090 \
#   -e MOCK_CONTROL_TOKEN=secret altinn-notifications-mock
# To pin the base: --build-arg BASE=python:3.11-slim@sha256:...
ARG BASE=python:3.11-slim
FROM $BASE
WORKDIR /app
RUN useradd --system --uid 10001 mock
# What changes least comes first: an edit of the contract installs no dependency anew.
COPY requirements.lock ./
RUN python -m pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml setup.py MANIFEST.in README.md LICENSE ./
COPY mock_server mock_server
COPY handlers handlers
COPY openapi.yaml ./
RUN python -m pip install --no-cache-dir --no-deps --no-build-isolation .
USER mock
# Reached from outside the container, so the control plane asks for a token: set
# MOCK_CONTROL_TOKEN, or MOCK_NO_CONTROL_TOKEN=1 to leave it open.
ENV MOCK_HOST=0.0.0.0
# One line a request in its logs: off, or json for machines.
ENV MOCK_LOG=text
EXPOSE 5090
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["altinn-notifications-mock", "health"]
ENTRYPOINT ["altinn-notifications-mock"]
CMD ["serve"]
