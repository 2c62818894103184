import { expect, test } from 'vitest';
import { columns, cut, plain, wrapped } from '../../src/cli/terminal.ts';

test('rows are aligned by their widest cells', () => {
  expect(
    columns([
      ['a', 'bbb', 'c'],
      ['aaaa', 'b', 'cc'],
    ]),
  ).toEqual(['a     bbb  c', 'aaaa  b    cc']);
});

test('a table that is too wide is cut in its widest column and in no other', () => {
  const [line = ''] = columns([['1', 'x'.repeat(50), 'kept']], 30);
  expect(line).toBe(`1  ${'x'.repeat(20)}…  kept`);
  expect(line).toHaveLength(30);
});

test('colours take no width', () => {
  expect(
    columns([
      ['\u001b[32mok\u001b[39m', 'x'],
      ['wrong', 'y'],
    ]),
  ).toEqual(['\u001b[32mok\u001b[39m     x', 'wrong  y']);
});

test('a table of no rows has no lines', () => {
  expect(columns([])).toEqual([]);
});

test('a text that fits is not cut', () => {
  expect(cut('abc', 3)).toBe('abc');
  expect(cut('abcd', 3)).toBe('ab…');
});

test('text from outside can neither begin a line nor steer the terminal', () => {
  expect(plain('a\r\nb\u001b[2Jc\u0007')).toBe('a bc ');
});

test('a long text is wrapped between its words', () => {
  const lines = wrapped('word '.repeat(60).trim(), '    ');
  expect(lines.every((line) => line.length <= 100 && line.startsWith('    word'))).toBe(true);
  expect(lines.join(' ').split(/\s+/).filter(Boolean)).toHaveLength(60);
});
