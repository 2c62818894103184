// The version that package.json bears.
import packageJson from '../../package.json' with { type: 'json' };

export const program = { name: packageJson.name, version: packageJson.version };
