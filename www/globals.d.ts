/** Bytes of the GPU engine's module, unpacked; put in by the bundler. */
declare const __GPU_MODULE_BYTES__: number;
