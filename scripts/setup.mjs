// @ts-check
import { wasmToolchain } from './toolchain.mjs';
import { script } from './shell.mjs';
await script(() => { console.log(wasmToolchain()); });
