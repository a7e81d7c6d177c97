/** What is written for one page: see script_source.py. */
declare const OPERATIONS: Record<string, Operation>;
declare const CHOICES: ((v: Float64Array) => (number | boolean)[]) | null;
declare const UPDATE: ((rate: number, p: Float64Array, g: Float64Array, s: Float64Array[]) => void) | null;
