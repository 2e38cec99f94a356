// JupyterLab, put together from its packages and shown as window.lab.
import { JupyterLab } from '@jupyterlab/application';
import { IConnectionStatus, IServiceManager } from '@jupyterlab/services';
import { PluginRegistry } from '@lumino/coreutils';
import extensions from 'virtual:extensions';

// Plugins that ask a newer server than Debian's for what it does not offer.
const absent = /apputils-extension:(announcements|workspaces|subshell)/;
const services = '@jupyterlab/services-extension';
const renderers = ['@jupyterlab/javascript-extension', '@jupyterlab/json-extension'];

const plugins = module => [module.default].flat().filter(plugin => !absent.test(plugin.id));
const modules = new Map(extensions);

const pluginRegistry = new PluginRegistry();
pluginRegistry.registerPlugins(plugins(modules.get(services)));
const lab = new JupyterLab({
  pluginRegistry,
  serviceManager: await pluginRegistry.resolveRequiredService(IServiceManager),
  connectionStatus: await pluginRegistry.resolveOptionalService(IConnectionStatus),
  mimeExtensions: renderers.map(name => ({ __esModule: true, default: modules.get(name).default })),
  disabled: { matches: [], patterns: [] },
  deferred: { matches: [], patterns: [] },
});
for (const [name, module] of modules) {
  if (name === services || renderers.includes(name)) continue;
  lab.registerPluginModule({ __esModule: true, default: plugins(module) });
}
await lab.start();
await lab.restored;
window.lab = lab;
