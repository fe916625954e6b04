import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LOCAL_SECRET_MARK } from '@/lib/env';
import { openDataFolder } from './data-folder';
import { loadLocalSecrets } from './local-secrets';
import { explainFileError, StackError } from './stack-error';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'slipway-data-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

describe('openDataFolder', () => {
  it('makes the folder and leaves no trace of trying it', () => {
    const folder = openDataFolder(join(parent, 'deep', 'data'));
    expect(readdirSync(folder.directory)).toEqual(['logs']);
  });

  it('says so when there is a file in its place', () => {
    writeFileSync(join(parent, 'data'), '');
    expect(() => openDataFolder(join(parent, 'data'))).toThrow(/should be a folder and is a file/);
  });

  it('keeps what it writes to itself, whole', () => {
    const folder = openDataFolder(parent);
    folder.writeJson('thing.json', { a: 1 });
    expect(folder.readJson('thing.json')).toEqual({ a: 1 });
    expect(statSync(folder.path('thing.json')).mode & 0o777).toBe(0o600);
    expect(folder.readJson('other.json')).toBeUndefined();
    writeFileSync(folder.path('thing.json'), '{');
    expect(folder.readJson('thing.json')).toBeUndefined();
  });
});

describe('explainFileError', () => {
  it.each([
    ['ENOSPC', /disk that holds .* is full/],
    ['EDQUOT', /is full/],
    ['EACCES', /may not write/],
    ['EROFS', /read-only/],
  ])('puts %s into a sentence', (code, sentence) => {
    const explained = explainFileError(Object.assign(new Error(code), { code }), '/data');
    expect(explained).toBeInstanceOf(StackError);
    expect((explained as StackError).message).toMatch(sentence);
  });

  it('leaves defects as they are', () => {
    const defect = new TypeError('x is not a function');
    expect(explainFileError(defect, '/data')).toBe(defect);
  });
});

describe('loadLocalSecrets', () => {
  it('makes them once, marked, and readable by this account alone', () => {
    const folder = openDataFolder(parent);
    const secrets = loadLocalSecrets(folder);
    expect(new Set(Object.values(secrets)).size).toBe(Object.keys(secrets).length);
    for (const secret of Object.values(secrets)) expect(secret.startsWith(LOCAL_SECRET_MARK)).toBe(true);
    expect(statSync(folder.path('secrets.json')).mode & 0o777).toBe(0o600);
    expect(loadLocalSecrets(folder)).toEqual(secrets);
  });

  it('adds what is missing and keeps the rest', () => {
    const folder = openDataFolder(parent);
    const { databasePassword, ...others } = loadLocalSecrets(folder);
    folder.writeJson('secrets.json', others);
    const again = loadLocalSecrets(folder);
    expect(again).toMatchObject(others);
    expect(again.databasePassword).not.toBe(databasePassword);
    expect(JSON.parse(readFileSync(folder.path('secrets.json'), 'utf8'))).toEqual(again);
  });
});
