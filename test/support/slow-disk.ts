import { open } from 'node:fs/promises';
import { onTestFinished, vi } from 'vitest';

/** What happens while a flush of this process waits for the disk; told how often one was waited for before. */
type Meanwhile = (flushes: number) => Promise<void>;

/** Until the test ends, every `fsync` through Node takes as long as `meanwhile` does. */
export async function slowDisk(meanwhile: Meanwhile): Promise<void> {
  const file = await open(import.meta.filename);
  const handles: { sync(this: unknown): Promise<void> } = Object.getPrototypeOf(file);
  await file.close();
  const flush = handles.sync;
  let flushes = 0;
  const slow = vi.spyOn(handles, 'sync').mockImplementation(async function (this: unknown) {
    flushes += 1;
    await meanwhile(flushes - 1);
    await flush.call(this);
  });
  onTestFinished(() => slow.mockRestore());
}
