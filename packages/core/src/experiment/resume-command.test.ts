import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resumeCommand } from './resume-command.js';

describe('resumeCommand', () => {
  const script = join(process.cwd(), 'packages/x/src/cli.ts');

  it('is this process again, quoted where a shell needs it', () => {
    const argv = ['node', script, 'train', '--force=true', '--no-resume', '--prompt', "it's purple", '--config=a.yaml'];
    expect(resumeCommand(argv, {})).toBe(
      `node --import tsx --conditions=@styleclip/source packages/x/src/cli.ts train --prompt 'it'\\''s purple' --config=a.yaml --resume`,
    );
  });

  it('is the Nx target where Nx runs it', () => {
    const env = { NX_TASK_TARGET_PROJECT: 'avatars', NX_TASK_TARGET_TARGET: 'train' };
    expect(resumeCommand(['node', script, 'train', 'all', '--steps', '5', '--resume'], env)).toBe(
      'npx nx run avatars:train --steps 5 --resume',
    );
    expect(resumeCommand(['node', script, 'train'], env)).toBe('npx nx run avatars:train --resume');
  });
});
