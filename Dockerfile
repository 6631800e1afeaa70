# The server in a container: one binary, no volume, no other service.
#
#   docker build -t harmattan .
#   docker run --rm -p 8080:8080 -e HARMATTAN_PUBLIC_URL=https://maps.example.org harmattan
#
# It assumes:
# - BuildKit (for the cache mounts), and that crates can be fetched while the image is built; nothing is fetched at run time;
# - that builder and runtime have the same glibc: both are Debian 12;
# - that something in front of it speaks TLS; name the address that clients see in HARMATTAN_PUBLIC_URL, or the proxy's network
#   in HARMATTAN_TRUSTED_PROXIES;
# - that whoever runs it asks GET /readyz (ready) and /healthz (alive): the image has no shell and no curl, so there is no HEALTHCHECK;
# - that it is stopped with SIGTERM and given 30 s (docker stop -t 35), or HARMATTAN_SHUTDOWN_TIMEOUT is set lower.

FROM rust:1-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --locked --release && cp target/release/harmattan /harmattan && /harmattan check

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /harmattan /usr/local/bin/harmattan
COPY LICENSE-MIT LICENSE-APACHE data/README.md /usr/share/doc/harmattan/
# All addresses of the container: its port is published by whoever runs it.
ENV HARMATTAN_LISTEN=0.0.0.0:8080 HARMATTAN_LOG_FORMAT=json
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/harmattan"]
