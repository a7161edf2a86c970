/** Codes of the file system, as the end of a sentence about a path. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user lacks the permission',
  EPERM: 'the system does not allow it',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a file, or a link that leads nowhere, is where a folder should be',
  EEXIST: 'a file, or a link that leads nowhere, is where a folder should be',
  EISDIR: 'it is a folder',
  ERR_FS_EISDIR: 'a folder is in the way',
  ELOOP: 'symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is longer than the system allows',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it would be longer than this process, or its file system, allows',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EIO: 'the disk reports an error',
  ENXIO: 'nobody is at the other end of it',
  EXDEV: 'it is on another disk',
  ERR_INVALID_ARG_VALUE: 'a name cannot hold a null character',
};

/** `it is a folder (EISDIR)`: why the file system, or who reads a file, did not do what was asked. */
export function reasonOf(thrown: unknown): string {
  const code = errorCode(thrown);
  if (code === undefined) return thrown instanceof Error ? thrown.message : String(thrown);
  const reason = reasons[code];
  return reason === undefined ? code : `${reason} (${code})`;
}

/** `ENOENT`, `EBUSY` …: Node's code of a failed file operation. */
export function errorCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** For `catch`: a file that is not there is no error. */
export function absentIsUndefined(thrown: unknown): undefined {
  if (errorCode(thrown) === 'ENOENT') return undefined;
  throw thrown;
}
