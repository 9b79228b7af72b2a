/** The part of libsvm-js that is used; the package has no types. */
declare module 'libsvm-js/asm.js' {
  export default class SVM {
    constructor(options: { type: string; kernel: string; cost?: number; quiet?: boolean });
    static readonly SVM_TYPES: Readonly<Record<'C_SVC', string>>;
    static readonly KERNEL_TYPES: Readonly<Record<'LINEAR', string>>;
    train(samples: readonly (readonly number[])[], labels: readonly number[]): void;
    /** The model in libsvm's text format. */
    serializeModel(): string;
    free(): void;
  }
}
