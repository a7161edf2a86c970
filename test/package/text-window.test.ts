import { expect, test } from 'vitest';
import { TextWindow } from '../../src/package/text-window.ts';

test('a vector has the texts of all rows that can be in it', () => {
  const window = new TextWindow();
  window.add(1000, 10);
  window.add(1000, 20);
  expect(window.fullestWith(0)).toBe(30);
  window.add(100, 5); // 48 of these rows are in the first vector, the others in the second
  expect(window.fullestWith(0)).toBe(35);
  window.add(1900, 29);
  expect(window.fullestWith(0)).toBe(35);
  expect(window.fullestWith(2)).toBe(36);
});

test('what was in a table before is counted with what is added', () => {
  const window = new TextWindow(5000, 40);
  expect(window.fullestWith(2)).toBe(42);
  window.add(2000, 2);
  expect(window.fullestWith(3)).toBe(42);
});
