// Modules are joined into one script, so a name of one is used in another: tsc checks names, this checks habits.
export default [
  {
    files: ["**/*.js"],
    languageOptions: {ecmaVersion: 2022, sourceType: "script"},
    rules: {
      "eqeqeq": "error",
      "no-cond-assign": "error",
      "no-const-assign": "error",
      "no-dupe-args": "error",
      "no-dupe-class-members": "error",
      "no-dupe-keys": "error",
      "no-duplicate-case": "error",
      "no-eval": "error",
      "no-fallthrough": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-self-assign": "error",
      "no-unreachable": "error",
      "no-unused-vars": ["error", {vars: "local", args: "after-used", argsIgnorePattern: "^_"}],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
];
