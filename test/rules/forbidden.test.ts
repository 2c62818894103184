// Texts that have no place in the product, each with the reason as the test's title.
import { expect, test } from 'vitest';
import { filesIn } from './files.ts';

const PRODUCT = ['src/**/*.ts', 'connectors/**/*.ts', 'mappings/**/*.ts'];
const PURE = ['src/domain/**/*.ts', 'src/flow/**/*.ts', 'connectors/**/*.ts', 'mappings/**/*.ts'];
const AMOUNT = '[^)]*(?:amount|total|price|gross|net|tax|paid|refund|fee|discount|balance|minor|cents)';

const RULES: { title: string; files: string[]; never: RegExp }[] = [
  {
    title: 'time, chance and the network are handed in',
    files: PURE,
    never: /\bDate\.now\(|new Date\(\)|Math\.random|\bset(Timeout|Interval|Immediate)\(|(?<![.\w])fetch\(|process\.env/,
  },
  {
    title: 'no amount becomes a float',
    files: PRODUCT,
    never: new RegExp(`parseFloat\\(|\\.toNumber\\(|\\bNumber\\(${AMOUNT}`, 'i'),
  },
  {
    title: 'no text becomes code',
    files: PRODUCT,
    never: /\beval\(|new Function\b|\brequire\((?!')|\bimport\((?!')/,
  },
  {
    title: 'nothing is ever deleted at VosFactures',
    files: ['connectors/vosfactures/**/*.ts', 'mappings/from-document/vosfactures*.ts'],
    never: /\bdelete\b/i,
  },
  {
    title: 'nothing silences the type checker or the linter',
    files: PRODUCT,
    never: /@ts-(ignore|expect-error|nocheck)|biome-ignore|(:|\bas) any\b|<any>/,
  },
  { title: 'exports are named', files: PRODUCT, never: /^export default/ },
  { title: 'nothing is left for later', files: PRODUCT, never: /\b(TODO|FIXME)\b/ },
  {
    title: 'the project does not know where it lies',
    files: [...PRODUCT, 'test/**/*.ts', 'docs/**/*.md', '*.{md,json}', 'Dockerfile', '.ci/run', '.github/**/*.yml'],
    never: /(?<![\w.])\/(work|root|home|Users)\/\w/,
  },
];

for (const { title, files, never } of RULES) {
  test(title, () => {
    const found = filesIn(...files).flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => (never.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
  });
}
