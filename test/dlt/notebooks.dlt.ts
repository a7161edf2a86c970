import { describe, expect, test } from 'vitest';
import { sandboxModels } from '../../src/sandbox/models.ts';
import { useDlt } from './dlt.ts';
import { DATASET, Project, rowsOf } from './project.ts';

interface Shown {
  readonly text: string;
  readonly image: boolean;
}

const lastLoad = async ({ file }: Project) => {
  const [row] = await rowsOf(file, 'select load_id from _dlt_loads order by inserted_at desc limit 1', DATASET);
  return String(row?.load_id);
};

describe('the notebooks of the examples', () => {
  const python = useDlt();

  test('in Jupyter: open while a run publishes, a plot, and the new load once the file is opened again', async () => {
    const project = await Project.open();
    await project.run();
    const first = await lastLoad(project);
    const before = await python<Shown[]>('begin_jupyter', { file: project.file, folder: project.folder });
    expect(before.map(({ image }) => image)).toEqual([false, false, true]);
    expect(before[0]?.text).toContain(first);

    project.sandbox.setModels([...sandboxModels, { id: 'new', family: 'a_family_of_its_own' }]);
    await project.run();
    const second = await lastLoad(project);
    expect(second).not.toBe(first);
    const after = await python<Shown[]>('end_jupyter', {});
    expect(after.map(({ image }) => image)).toEqual([false, true]);
    expect(after[0]?.text).toContain(second);
  });

  test('in marimo: a plot, and the new load as soon as it is asked again', async () => {
    const project = await Project.open();
    await project.run();
    const run = () =>
      python<{ load_id: string; models: number; shown: string[] }>('run_marimo', { file: project.file });
    const before = await run();
    expect(before).toMatchObject({ load_id: await lastLoad(project), models: sandboxModels.length });
    expect(before.shown).toContain('Figure');

    const running = project.tryRun();
    project.sandbox.setModels([...sandboxModels, { id: 'new', family: 'a_family_of_its_own' }]);
    await run();
    expect(await running).toMatchObject({ code: 0 });
    await project.run();
    expect(await run()).toMatchObject({ load_id: await lastLoad(project), models: sandboxModels.length + 1 });
  });
});
