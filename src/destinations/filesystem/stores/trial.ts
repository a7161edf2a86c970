/** A file that is put and deleted to see whether that can be done. */
export const TRIAL = '_elt_trial';
