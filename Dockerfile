# How to pin the base image by its digest, and how to run this one locked down: docs/docker.md

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package that runs in production needs an install script: better-sqlite3 ships its binaries.
RUN npm ci --omit=dev --ignore-scripts && node -e "new (require('better-sqlite3'))(':memory:')"

FROM node:24-slim
# The running program needs Node.js alone. Without a package manager there is less to attack.
RUN rm -rf /usr/local/lib/node_modules /opt/yarn-* /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
      /usr/local/bin/yarn /usr/local/bin/yarnpkg \
 && install -d -o 10001 -g 10001 -m 0700 /data
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY src ./src
COPY connectors ./connectors
COPY mappings ./mappings
ENV NODE_ENV=production \
    BRIDGE_CONFIG=/etc/invoice-bridge/bridge.yaml
USER 10001:10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "src/start.js"]
CMD ["serve"]
