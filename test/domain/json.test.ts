import { describe, expect, it } from 'vitest';
import { parseJson, toJson } from '../../src/domain/json.ts';

const parse = (text: string) => parseJson(new TextEncoder().encode(text));

describe('JSON from outside', () => {
  it('numbers keep their text, so that an id beyond 2^53 stays itself', () => {
    expect(parse('{"id":820982911946154508,"price":17.647059,"big":1e400}')).toEqual({
      ok: true,
      value: { id: '820982911946154508', price: '17.647059', big: '1e400' },
    });
  });
  it.each(['', '{', '{"a":1,}', '{"a":1}{"b":2}', 'NaN', '{"a":"\u0001"}'])(
    '%j is refused with a problem, not thrown',
    (text) => {
      expect(parse(text)).toMatchObject({ ok: false, error: { code: 'malformed_json' } });
    },
  );
  it('bytes that are not UTF-8 are refused', () => {
    expect(parseJson(Uint8Array.of(0x7b, 0xff, 0x7d))).toMatchObject({ ok: false });
  });
  it('nesting beyond 64 levels is refused before it is parsed', () => {
    expect(parse(`${'['.repeat(64)}${']'.repeat(64)}`).ok).toBe(true);
    expect(parse(`${'['.repeat(500_000)}`)).toMatchObject({
      ok: false,
      error: { detail: expect.stringContaining('64') },
    });
    expect(parse(JSON.stringify({ text: '['.repeat(1000) })).ok).toBe(true);
  });
  it('keys that reach for a prototype are dropped', () => {
    const parsed = parse('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"a":1}');
    expect(parsed).toEqual({ ok: true, value: { a: '1' } });
    expect(Object.assign({}, parsed.ok ? parsed.value : {})).not.toHaveProperty('admin');
  });
  it('amounts of ours are written as digits', () => {
    expect(toJson({ total: 10n ** 20n })).toBe('{"total":"100000000000000000000"}');
  });
});
