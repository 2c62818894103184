// `npm run schema`: writes docs/bridge.schema.json, which editors read while a person writes bridge.yaml,
// docs/standard-order.schema.json for programs that send orders, and the table of docs/providers.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { editorSchema } from '../config/editor-schema.ts';
import { catalogue } from '../main.ts';
import { standardOrderJsonSchema } from '../mapping/standard-order.ts';
import { providersPage } from './provider-table.ts';

const docs = (name: string): URL => new URL(`../../docs/${name}`, import.meta.url);
const read = (name: string): string => readFileSync(docs(name), 'utf8');

writeFileSync(docs('bridge.schema.json'), `${JSON.stringify(editorSchema(catalogue), null, 2)}\n`);
writeFileSync(docs('standard-order.schema.json'), `${JSON.stringify(standardOrderJsonSchema(), null, 2)}\n`);

const types = catalogue.providers.map(({ type }) => type);
const described = new Set(types.filter((type) => existsSync(docs(`providers/${type}.md`))));
const page = providersPage(read('providers.md'), { example: read('bridge.example.yaml'), catalogue, described });
writeFileSync(docs('providers.md'), page);
