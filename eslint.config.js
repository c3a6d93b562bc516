// @ts-check
import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['dist/', 'dist-package/', 'dist-dataset/', 'node_modules/', 'www/pkg/', 'www/pkg-networks/', 'www/pkg-reader/', 'www/pkg-tensors/', 'www/pkg-gpu/', 'www/public/', '**/*.d.ts'] },
  js.configs.recommended,
  { files: ['www/**/*.js'], languageOptions: { globals: globals.browser } },
  { files: ['scripts/**', 'tests/**', '*.config.js'], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
];
