import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'

const typed = { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.vue'] }

export default tseslint.config(
  {
    ignores: [
      'out/',
      '.tsbuild/',
      'release/',
      'coverage/',
      'test-results/',
      'playwright-report/',
      'tests/fixtures/',
      'resources/',
      'kernel/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.vue'],
    extends: [...tseslint.configs.strictTypeChecked, ...vue.configs['flat/recommended']],
    languageOptions: { parserOptions: { ...typed, parser: tseslint.parser } },
    rules: {
      // TypeScript finds undefined names, with knowledge of each environment.
      'no-undef': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Every indexed read may be undefined to the compiler; in loops over typed arrays the bound was checked beside it.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Spreading a string into its code points is meant.
      '@typescript-eslint/no-misused-spread': 'off',
      // Tables, stores and composables are records of closures, without `this`.
      '@typescript-eslint/unbound-method': 'off',
      // Handlers that answer at once still have the asynchronous shape of their port.
      '@typescript-eslint/require-await': 'off',
      // `return refuse(answer, 403)` reads as the guard it is.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Control characters are this program's daily business.
      'no-control-regex': 'off',
      // `return void act()` ends a guard and drops the promise or value on purpose.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/no-v-html': 'error',
      'vue/require-default-prop': 'off',
      'no-console': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      globals: {
        process: 'readonly',
        URL: 'readonly',
        performance: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        module: 'writable',
      },
    },
  },
  {
    // What a .vue file exports is unknown to this parser; vue-tsc checks those types in the same gate.
    files: ['renderer/**/*.ts', 'renderer/**/*.vue'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // Defaults of destructured props are how Vue writes them.
      '@typescript-eslint/no-useless-default-assignment': 'off',
    },
  },
  {
    // A bench prints its table; tests read what they built.
    files: ['tests/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // `json<Shape>()` says what a test expects to read.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    files: ['scripts/**', 'bin/**', 'tests/**/*.mjs'],
    rules: { 'no-console': 'off' },
  },
  {
    // These belong to the window's project, where vue-tsc checks them.
    files: ['tests/component/**/*.ts', 'tests/unit/renderer/**/*.ts', 'tests/laws/grid*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false, project: null } },
  },
  prettier,
)
