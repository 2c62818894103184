// Evaluating mappings: what an expression sees, what it gives, and that no expression harms us.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Question } from '../../src/mapping/evaluator-process.ts';
import { type Mappings, openMappings } from '../../src/mapping/mappings.ts';
import { mappingFiles } from './files.ts';

const files = mappingFiles();

// Each mapping has a process of its own, which no test leaves behind.
let mappings: Mappings;
beforeEach(() => {
  mappings = openMappings({ timeoutMs: 400 });
});
afterEach(() => mappings.close());

const question = (change: Partial<Question> = {}): Question => ({
  body: '{}',
  order: null,
  topic: 'order.paid',
  headers: {},
  receivedAt: '2026-11-21T10:00:00.000Z',
  ...change,
});
const evaluate = (text: string, change: Partial<Question> = {}) => mappings.run(files.load(text), question(change));

describe('an expression', () => {
  it('sees the payload, our understanding, the topic and the headers', async () => {
    const told = {
      body: '{"a":{"b":[1,2]}}',
      order: { id: '7', lines: [{ gross: '12.40' }] },
      headers: { 'x-event': 'paid' },
    };
    const text = '[payload.a.b[1], order.lines.gross, topic, headers.`x-event`]';
    expect(await evaluate(text, told)).toEqual({ ok: true, value: ['2', '12.40', 'order.paid', 'paid'] });
  });

  it.each(['payload.nothing', 'null', '()'])('that gives nothing gives null: %s', async (text) => {
    expect(await evaluate(text)).toEqual({ ok: true, value: null });
  });

  it('keeps numbers that a double cannot hold as the text they were written in, and reckons with all others', async () => {
    const body = '{"id":9007199254740993,"price":19.90,"long":17.647058823529411764,"huge":1e400,"small":0.000001}';
    const text = `{"types": [payload.id, payload.price, payload.long, payload.huge, payload.small].$type($),
      "id": payload.id, "sum": payload.price * 3, "small": payload.small }`;
    expect(await evaluate(text, { body })).toEqual({
      ok: true,
      value: {
        types: ['string', 'number', 'string', 'string', 'number'],
        id: '9007199254740993',
        sum: '59.7',
        small: '0.000001',
      },
    });
  });

  it('gives sums without the noise of floating point', async () => {
    expect(await evaluate('[0.1 + 0.2, 19.99 * 3, 1.005 * 100, 9007199254740991]')).toEqual({
      ok: true,
      value: ['0.3', '59.97', '100.5', '9007199254740991'],
    });
  });

  it('has the moment of the delivery as its clock, so that a replay gives the same', async () => {
    const text = '[$now(), $millis(), $now("[D01]/[M01]/[Y]"), $toMillis("2026-11-21T10:00:00")]';
    const first = await evaluate(text);
    expect(first).toEqual({
      ok: true,
      value: ['2026-11-21T10:00:00.000Z', '1795255200000', '21/11/2026', '1795255200000'],
    });
    expect(await evaluate(text)).toEqual(first);
  });

  it('leaves nothing behind for the next delivery', async () => {
    const mapping = files.load('( $seen := $exists($memory) ? "before" : "never"; $memory := payload.a; $seen )');
    const answers = [1, 2, 3].map((a) => mappings.run(mapping, question({ body: `{"a":${a}}` })));
    expect(await Promise.all(answers)).toEqual([1, 2, 3].map(() => ({ ok: true, value: 'never' })));
  });

  it('fails with its own words, its file, line and column', async () => {
    const mapping = files.load('{\n  "id": payload.id ? payload.id : $error("there is no id")\n}');
    expect(await mappings.run(mapping, question())).toEqual({
      ok: false,
      error: {
        code: 'mapping_failed',
        detail: expect.stringMatching(/^.+\.jsonata, line 2, column \d+: there is no id$/),
      },
    });
  });

  it.each([
    ['a number that is none', '1 / 0'],
    ['a function', 'function($x) { $x }'],
    ['a function inside', '{"a": [$uppercase]}'],
    ['a type error', '"a" * 2'],
    ['more than a megabyte', '$join([1..90000].("some text that is long"))'],
    ['nesting beyond what we read', '$reduce([1..90], function($a) { [[$a, 1]] }, 1)'],
  ])('that gives %s fails', async (_name, text) => {
    expect(await evaluate(text)).toMatchObject({ ok: false, error: { code: 'mapping_failed' } });
  });
});

describe('a hostile expression', () => {
  it.each([
    ['an endless loop', '( $f := function($x) { $f($x + 1) }; $f(1) )'],
    ['recursion without end', '( $f := function($x) { 1 + $f($x) }; $f(1) )'],
    ['a regular expression that never ends', '$match(payload.text, /(a+)+\\1$/)'],
    ['a text of a gigabyte', '$pad("x", 1000000000)'],
    ['a text of half a gigabyte', '$length($pad("x", 500000000))'],
    ['a text that doubles', '$length($reduce([1..28], function($a) { $a & $a }, "x"))'],
    ['a list of ten million', '[1..10000000]'],
    ['a list that doubles', '$count($reduce([1..40], function($a) { $append($a, $a) }, [1]))'],
    ['a structure that grows', '( $f := function($l) { $f({"a": $l, "b": [1..1000]}) }; $f(1) )'],
    ['itself', '( $f := function($g) { $g($g) }; $f($f) )'],
  ])('of %s fails its delivery and nothing else', async (_name, text) => {
    const mapping = files.load(text);
    const told = question({ body: JSON.stringify({ text: `${'a'.repeat(60)}b` }) });
    expect(await mappings.run(mapping, told)).toMatchObject({
      ok: false,
      error: { code: 'mapping_failed', detail: expect.stringContaining(mapping.path) },
    });
  });

  it('of a regular expression that tries too often is answered all the same', async () => {
    const text = '$exists($match($pad("", 60, "a") & "b", /(a+)+$/))';
    expect(await evaluate(text)).toEqual({ ok: true, value: false });
  });

  it('that loops for one delivery answers the next one', async () => {
    const mapping = files.load('payload.bad ? $match($pad("", 60, "a") & "b", /(a+)+\\1$/) : "well"');
    const answers = [true, false, true, false].map((bad) =>
      mappings.run(mapping, question({ body: `{"bad":${bad}}` })),
    );
    expect((await Promise.all(answers)).map(({ ok }) => ok)).toEqual([false, true, false, true]);
  });

  // The ways of CVE-2024-27307, CVE-2026-12208, CVE-2026-77413 and CVE-2026-77415, and of lambdas that show their insides.
  it.each([
    '{} ~> |$|{"__proto__": {"polluted": true}}|',
    '($x := {}; $x ~> |__proto__|{"polluted": true}|)',
    '$merge([{}, {"__proto__": {"polluted": true}}]).polluted',
    '{}.constructor.constructor("return process")()',
    '$lookup({}, "constructor")',
    '$lookup($lookup({}, "__proto__"), "constructor")',
    '"".constructor.constructor("return 1")()',
    '(function($x){$x}).environment.bind("a", 1)',
    '$lookup(function($x){$x}, "environment")',
    '{"_jsonata_lambda": true, "body": {"type": "string", "value": "x"}}',
    'payload.lambda()',
    '$map([1], payload.lambda)',
    'payload.native(1)',
    'payload.`__proto__`',
    'payload.constructor.name',
    '$sift(function($x){$x}, function($v){true})',
    '$each($uppercase, function($v, $k){$k})',
    '/x/.constructor',
  ])('that reaches for what is behind a value gets nothing: %s', async (text) => {
    const body = JSON.stringify({
      lambda: { _jsonata_lambda: true, arguments: [], input: 1, body: { type: 'string', value: 'reached' } },
      native: { _jsonata_function: true, implementation: 'reached' },
    }).replace('{', '{"__proto__":{"reached":true},"constructor":{"name":"reached"},');
    const answer = await mappings.run(files.load(text), question({ body }));
    const given = answer.ok ? JSON.stringify(answer.value) : '';
    expect(given).not.toMatch(/reached|process|native code|environment/);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('an evaluator', () => {
  it('answers questions in the order they were asked, each its own', async () => {
    const mapping = files.load('payload.n');
    const asked = Array.from({ length: 20 }, (_, n) => mappings.run(mapping, question({ body: `{"n":${n}}` })));
    expect(await Promise.all(asked)).toEqual(asked.map((_, n) => ({ ok: true, value: String(n) })));
  });

  it('does not keep the program that asked it from ending', async () => {
    const { path } = files.load('topic');
    const program = `
      import { openMappings } from '${new URL('../../src/mapping/mappings.ts', import.meta.url)}';
      import { loadMapping } from '${new URL('../../src/mapping/expression.ts', import.meta.url)}';
      const { value } = loadMapping(${JSON.stringify(path)});
      const answer = await openMappings().run(value, ${JSON.stringify(question())});
      process.exitCode = answer.value === 'order.paid' ? 7 : 1;`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' });
    expect(await once(child, 'exit')).toEqual([7, null]);
  });

  it('refuses questions once it is closed, after what was asked is answered', async () => {
    const own = openMappings();
    const mapping = files.load('topic');
    const asked = own.run(mapping, question());
    await own.close();
    expect(await asked).toEqual({ ok: true, value: 'order.paid' });
    await expect(own.run(mapping, question())).rejects.toThrow('closed');
  });
});
