// What keeps a bridge from starting, and how it ends.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { folderOfThisTest, follow, run, START, start } from './program.ts';

const SOURCES = `
seller: { country: FR, time_zone: Europe/Paris }
providers:
  playground: { type: sandbox }
sources:
  shop: { type: woocommerce, secret: "\${SHOP_SECRET}", provider: playground }
`;
const SECRET = 'a-secret-of-the-shop-and-nobody-else';

/** A folder with this configuration in it. */
function folderWith(configuration: string): string {
  const cwd = folderOfThisTest();
  writeFileSync(join(cwd, 'bridge.yaml'), configuration);
  return cwd;
}

/** A port of the loopback interface that somebody else has. */
async function takenPort(): Promise<number> {
  const server = createServer();
  onTestFinished(() => {
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not a TCP socket');
  return address.port;
}

describe('a start that cannot succeed ends with exit code 1 and says why', () => {
  test('a broken configuration is told with file, line and key, all of it at once', async () => {
    const cwd = folderWith(SOURCES.replace('type: sandbox', 'type: sandbx').replace('provider: play', 'provider: pla'));
    const { code, stdout, stderr } = await run(['serve'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/bridge\.yaml:4:\d+: providers\.playground\.type: .*did you mean "sandbox"\?$/m);
    expect(stderr).toMatch(/bridge\.yaml:6:\d+: sources\.shop\.secret: .*SHOP_SECRET/m);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^Try: /);
  });

  test('a configuration that is named and not there', async () => {
    const { code, stderr } = await run(['serve', '--config', 'nowhere.yaml'], { cwd: folderOfThisTest() });
    expect(code).toBe(1);
    expect(stderr).toContain('nowhere.yaml');
  });

  test('a port that somebody else has is named, with the way to another', async () => {
    const port = await takenPort();
    const { code, stderr } = await run(['serve'], { cwd: folderOfThisTest(), env: { PORT: String(port) } });
    expect(code).toBe(1);
    expect(stderr).toContain(`port ${port} of 127.0.0.1 is taken`);
    expect(stderr).toContain(`PORT=${port + 1} npm start`);
  });

  test('a port that is none', async () => {
    const { code, stderr } = await run(['serve'], { cwd: folderOfThisTest(), env: { PORT: 'http' } });
    expect(code).toBe(1);
    expect(stderr).toContain('server.port');
  });

  test('certificates that nobody checks', async () => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const { code, stderr } = await run(['serve'], { cwd: folderOfThisTest(), env });
    expect(code).toBe(1);
    expect(stderr).toContain('NODE_TLS_REJECT_UNAUTHORIZED=0');
  });

  test('a second bridge on one database', async () => {
    const cwd = folderOfThisTest();
    const first = start(['serve', '--json'], { cwd });
    await first.until(/bridge\.started/);
    const { code, stderr } = await run(['serve'], { cwd });
    first.signal('SIGTERM');
    await first.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('another invoice-bridge is running');
  });

  test('a folder where nothing can be kept', async () => {
    const cwd = folderOfThisTest();
    writeFileSync(join(cwd, 'data'), 'not a folder');
    const { code, stderr } = await run(['serve'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^the example's data cannot be opened: /);
  });
});

describe('a real set-up', () => {
  test('writes JSON lines to standard output and nothing else, and no secret', async () => {
    const cwd = folderWith(`${SOURCES}server: { port: 0 }\nadmin: { token: "\${TOKEN}" }\n`);
    const bridge = start(['serve'], { cwd, env: { SHOP_SECRET: SECRET, TOKEN: 'the-token-of-the-admin' } });
    const [, url] = await bridge.until(/"url":"(http:[^"]+)"/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    bridge.signal('SIGTERM');
    const { code, stdout, stderr } = await bridge.ended;
    expect([code, stderr]).toEqual([0, '']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    // What a provider cannot do may be said before.
    expect(events.filter((event) => event !== 'config.doubt')).toEqual([
      'bridge.started',
      'bridge.stopping',
      'bridge.stopped',
    ]);
    expect(stdout).not.toContain(SECRET);
    expect(stdout).not.toContain('the-token-of-the-admin');
  });

  test('takes two signals that arrive together for one', async () => {
    const bridge = start(['serve', '--json'], { cwd: folderOfThisTest() });
    await bridge.until(/bridge\.started/);
    bridge.signal('SIGINT');
    bridge.signal('SIGTERM');
    const { code, stdout } = await bridge.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('bridge.stopped');
  });
});

test('under npm, a bridge ends well when the shell between the two is killed', async () => {
  const shell = follow('bash', ['-c', '"$0" "$@" & wait', process.execPath, START, 'serve', '--json'], {
    cwd: folderOfThisTest(),
    env: { npm_lifecycle_event: 'start' },
  });
  await shell.until(/bridge\.started/);
  shell.signal('SIGKILL');
  expect((await shell.ended).stdout).toContain('bridge.stopped');
});

describe('check', () => {
  test('finds nothing wrong with a good configuration, and begins nothing', async () => {
    const cwd = folderWith(SOURCES);
    const check = () => run(['check', '--json'], { cwd, env: { SHOP_SECRET: SECRET } });
    await check();
    const { code, stdout } = await check();
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      ok: true,
      database: { ok: true },
      problems: [],
      first_run: null,
      admin_token: null,
    });
    expect(report.sources).toEqual([
      { name: 'shop', type: 'woocommerce', provider: 'playground', routes: [], start_at: 'first_start', api: null },
    ]);
    expect(report.providers[0]).toMatchObject({ name: 'playground', ok: true, account: 'Sandbox (playground)' });
  });

  test('tells of a provider that cannot be reached, and ends with 1', async () => {
    // Port 1 is a service of the last century: nobody listens there.
    const books = '{ type: vosfactures, base_url: "http://127.0.0.1:1", api_token: "key/acme" }';
    const cwd = folderWith(SOURCES.replace('{ type: sandbox }', books));
    const { code, stdout, stderr } = await run(['check'], { cwd, env: { SHOP_SECRET: SECRET, NO_COLOR: '1' } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^wrong {2}provider {7}playground \(vosfactures\): .*unreachable/m);
    expect(stdout).not.toContain('key/acme');
    expect(stderr).toMatch(/^Try: /m);
  });

  test('lists the problems of a broken configuration as JSON', async () => {
    const { code, stdout } = await run(['check', '--json'], { cwd: folderWith(SOURCES) });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).configuration.problems[0]).toMatchObject({ at: 'sources.shop.secret', line: 6 });
  });

  test('has nothing to say where nothing was configured or started', async () => {
    const cwd = folderOfThisTest();
    const { code, stderr } = await run(['check'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('there is no configuration');
    expect(readdirSync(cwd)).toEqual([]);
  });
});

test('a database that is not there yet is not made by looking for it', async () => {
  const cwd = folderWith(SOURCES);
  mkdirSync(join(cwd, 'data'));
  const { code, stderr } = await run(['events'], { cwd, env: { SHOP_SECRET: SECRET } });
  expect(code).toBe(1);
  expect(stderr).toContain('there is no database');
  expect(readdirSync(join(cwd, 'data'))).toEqual([]);
});
