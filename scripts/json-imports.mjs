// For jest: gives the imports of JSON in @actions/workflow-parser the attribute that they lack, and
// without which jest warns about each of them.
export default {
  process: (source) => ({
    code: source.replace(/^(import .+ from "[^"]+\.json")(?=;)/gm, '$1 with { type: "json" }'),
  }),
};
