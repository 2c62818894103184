// `npm run schema`: writes docs/bridge.schema.json, which editors read while a person writes bridge.yaml.
import { writeFileSync } from 'node:fs';
import { editorSchema } from '../config/editor-schema.ts';
import { catalogue } from '../main.ts';

writeFileSync(
  new URL('../../docs/bridge.schema.json', import.meta.url),
  `${JSON.stringify(editorSchema(catalogue), null, 2)}\n`,
);
