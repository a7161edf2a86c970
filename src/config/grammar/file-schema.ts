import { z } from 'zod';
import { FileReference } from '../file-reference.ts';
import { about } from './about.ts';

/** A field of a form that holds a file, which makes the form `multipart/form-data`. */
export const formFile = z
  .strictObject({
    file: about('Path of a file, relative to this one; may hold placeholders', z.string().min(1)),
    content_type: about(
      'Default: by the end of the name, else `application/octet-stream`',
      z.string().min(1).optional(),
    ),
    filename: about('What the receiver is told. Default: the last part of the path', z.string().min(1).optional()),
  })
  .transform((parts) => new FileReference(parts));
