// What types do not see: names that nobody uses or knows, comparisons that convert, and texts that
// become elements or code, which the page's Content-Security-Policy forbids at run time.
import js from '@eslint/js';
import globals from 'globals';

const MARKUP = 'Markup from texts is refused by Trusted Types; use a template of lit-html.';

export default [
  { ignores: ['target/'] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      curly: 'error',
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: MARKUP },
        { property: 'outerHTML', message: MARKUP },
        { property: 'insertAdjacentHTML', message: MARKUP },
        { object: 'document', property: 'write', message: MARKUP },
      ],
      'no-shadow': 'error',
      'no-unused-expressions': 'error',
      'no-unused-vars': 'error',
      'no-use-before-define': ['error', { functions: false, classes: false, variables: false }],
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['src/main/ui/**'], languageOptions: { globals: globals.browser } },
  { files: ['src/test/ui/**'], languageOptions: { globals: globals.nodeBuiltin } },
];
