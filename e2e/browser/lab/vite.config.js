// Builds dist/main.js and dist/main.css from main.js, and lays beside them what
// JupyterLab's server reads from folders: themes and the schemas of settings.
import fs from 'node:fs';
import path from 'node:path';

const dependencies = Object.keys(JSON.parse(fs.readFileSync('package.json')).dependencies);
const extensions = dependencies.filter(name => name.endsWith('-extension'));
const home = name => path.join('node_modules', name);
const manifest = name => JSON.parse(fs.readFileSync(path.join(home(name), 'package.json')));

// The module that main.js imports as "virtual:extensions": a list of
// [name, module] for every extension of package.json, and their styles.
function listExtensions() {
  const source = () => extensions.map((name, i) => {
    const style = fs.existsSync(path.join(home(name), 'style/index.js')) ? `import '${name}/style/index.js';` : '';
    return `${style} import * as e${i} from '${name}';`;
  }).join('\n') + `\nexport default [${extensions.map((name, i) => `['${name}', e${i}]`)}];`;
  return {
    name: 'list-extensions',
    resolveId: id => id === 'virtual:extensions' ? path.resolve('extensions.js') : undefined,
    load: id => id === path.resolve('extensions.js') ? source() : undefined,
  };
}

// JupyterLab's code imports icons and some styles as text.
const asText = {
  name: 'as-text',
  enforce: 'pre',
  async resolveId(source, importer) {
    if (!/\.(svg|raw\.css)$/.test(source) || !importer?.endsWith('.js')) return;
    const found = await this.resolve(source, importer, { skipSelf: true });
    return found && `\0text:${found.id.replace(/\?.*/, '')}.js`;
  },
  load(id) {
    if (id.startsWith('\0text:')) return 'export default ' + JSON.stringify(fs.readFileSync(id.slice(6, -3), 'utf8'));
  },
};

const layServerFolders = {
  name: 'lay-server-folders',
  closeBundle() {
    for (const name of extensions) {
      const { jupyterlab = {} } = manifest(name);
      if (jupyterlab.schemaDir) fs.cpSync(path.join(home(name), jupyterlab.schemaDir), path.join('schemas', name), { recursive: true });
      if (!jupyterlab.themePath) continue;
      const style = path.join(home(name), path.dirname(jupyterlab.themePath));
      fs.cpSync(style, path.join('themes', name), { recursive: true });
      fs.renameSync(path.join('themes', name, 'theme.css'), path.join('themes', name, 'index.css'));
    }
  },
};

export default {
  base: './',
  plugins: [listExtensions(), asText, layServerFolders],
  resolve: { alias: [{ find: /^~(?=[a-z@])/, replacement: '' }] },
  define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}', 'process.cwd': '(() => "/")', __dirname: '"/"', global: 'globalThis' },
  build: {
    target: 'esnext',
    chunkSizeWarningLimit: 9000,
    rollupOptions: {
      input: 'main.js',
      output: { entryFileNames: 'main.js', assetFileNames: '[name][extname]', chunkFileNames: '[name]-[hash].js' },
    },
  },
};
