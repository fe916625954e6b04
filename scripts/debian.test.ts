// The archive that a newer package comes from is the one that the machine uses itself, in whichever format its sources are written.
import { describe, expect, it } from 'vitest';
import { sourcesOf } from './debian.mjs';

const deb822 = `Types: deb
# http://snapshot.example/archive
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Types: deb
URIs: https://nodes.example/node_20.x
Suites: nodistro
Components: main
`;

describe('sources for another suite', () => {
  it('come from the stanza of the own suite, with its keys', () => {
    expect(sourcesOf('trixie', deb822, 'bookworm')).toEqual([
      'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian trixie main',
    ]);
  });

  it('come from one-line sources, of the own suite alone, each once', () => {
    const text = [
      'deb https://containers.example/linux/debian bookworm stable',
      'deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main non-free',
      'deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main',
      '# deb http://old.example/debian bookworm main',
      'deb-src http://mirror.example/debian bookworm main',
      'deb cdrom:[Debian]/ bookworm main',
    ].join('\n');
    expect(sourcesOf('trixie', text, 'bookworm')).toEqual([
      'deb [signed-by=/k.gpg] http://mirror.example/debian trixie main',
    ]);
  });

  it.each([
    ['a stanza that is switched off', deb822.replace('Types: deb\n#', 'Types: deb\nEnabled: no\n#')],
    ['a machine without a Debian archive', 'deb http://archive.example/ubuntu noble main'],
    ['a machine without sources', ''],
  ])('are none for %s', (_name, text) => expect(sourcesOf('trixie', text, 'bookworm')).toEqual([]));

  it('leave out a key that is written into the file', () => {
    const inline = deb822.replace(/Signed-By: .*/, 'Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc');
    expect(sourcesOf('trixie', inline, 'bookworm')).toEqual(['deb http://mirror.example/debian trixie main']);
  });
});
