// Reads a mail's page from standard input and prints, as JSON, what of it some client does not know, by caniemail.com: a list
// of the names of features, each with its clients. Its argument is the folder that holds node_modules.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const { doIUseEmail } = createRequire(resolve(process.argv[2], 'package.json'))('@jsx-email/doiuse-email');
const { errors = [], warnings = [] } = doIUseEmail(readFileSync(0, 'utf8'), { emailClients: ['gmail.*', 'outlook.*', 'apple-mail.*'] });
const found = {};
for (const said of [...errors, ...warnings]) {
  const [, feature, client] = said.match(/^`(.*)` is (?:not|only partially) supported by `(.*?)`/) ?? [, said, ''];
  found[feature] ??= [];
  if (!found[feature].includes(client)) found[feature].push(client);
}
console.log(JSON.stringify(found));
