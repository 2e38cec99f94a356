// JupyterLab: what the trial does in it, by its own buttons where a person
// would press one.
window.nb = (() => {
  const panel = () => window.lab.shell.currentWidget;
  const notebook = () => panel().content;
  const code = () => notebook().widgets.filter(cell => cell.model.type === 'code');
  const last = () => code().at(-1);
  const kernel = () => panel().sessionContext.session?.kernel;
  const button = command => `.jp-NotebookPanel:not(.lm-mod-hidden) [data-command="notebook:${command}"]`;
  const dialog = () => document.querySelector('.jp-Dialog .jp-mod-accept');
  return {
    open: async path => window.lab && await window.lab.commands.execute('docmanager:open', { path }),
    ready: () => kernel()?.connectionStatus === 'connected' && kernel().status === 'idle',
    idle: () => kernel()?.status === 'idle' && code().every(cell => cell.prompt !== '*'),
    // Whether a request comes back both ways, as in classic.js.
    answers: () => Promise.race([
      kernel()?.requestKernelInfo().then(() => true, () => false),
      new Promise(resolve => { setTimeout(resolve, 2000, false); }),
    ]),
    runAll: () => { window.lab.commands.execute('notebook:run-all-cells'); },
    cells: () => code().map(({ model }) => ({
      source: model.sharedModel.getSource(), count: model.executionCount, tags: model.getMetadata('tags') ?? [], outputs: model.outputs.toJSON(),
      timing: model.getMetadata('execution'),
    })),
    outputs: i => (i === undefined ? code() : [code()[i]]).flatMap(cell => [...cell.node.querySelectorAll('.jp-OutputArea-child')]),
    code: () => [...last().node.querySelectorAll('.cm-line')],
    top: () => { window.lab.shell.collapseLeft(); notebook().outerNode.scrollTop = 0; },
    height: () => Math.max(...notebook().widgets.map(cell => cell.node.offsetTop + cell.node.offsetHeight)) + 300,
    add: async source => {
      notebook().activeCellIndex = notebook().widgets.length - 1;
      await window.lab.commands.execute('notebook:insert-cell-below');
      const cell = notebook().activeCell;
      cell.model.sharedModel.setSource(source);
      notebook().mode = 'edit';
      await cell.ready;
      cell.node.scrollIntoView();
      cell.editor.focus();
      cell.editor.setCursorPosition(cell.editor.getPositionAt(source.length));
    },
    run: () => { window.lab.commands.execute('notebook:run-cell'); },
    buttons: { interrupt: button('interrupt-kernel'), restart: button('restart-kernel'), restartRunAll: button('restart-run-all') },
    restarting: () => { nb.restart = false; panel().sessionContext.statusChanged.connect((_, status) => { nb.restart ||= status === 'restarting'; }); },
    restarted: () => nb.restart,
    confirm: () => { const button = dialog(); button?.click(); return button !== null; },
    asked: () => !dialog(),
    completions: () => [...document.querySelectorAll('.jp-Completer-item')].filter(e => e.offsetHeight > 0).map(e => e.querySelector('.jp-Completer-match').innerText),
    tooltip: () => [...document.querySelectorAll('.jp-Tooltip')].map(e => e.innerText).join('\n'),
    help: async () => {
      const notebook = panel();
      await window.lab.commands.execute('inspector:open');
      window.lab.shell.activateById(notebook.id);
    },
    helpSays: text => document.querySelector('.jp-Inspector')?.innerText.includes(text),
    closeHelp: () => document.querySelector('.lm-TabBar-tab[title^="Contextual"] .lm-TabBar-tabCloseIcon, .jp-mod-current ~ .lm-TabBar-tab .lm-TabBar-tabCloseIcon')?.dispatchEvent(new MouseEvent('mousedown')),
    theme: async name => { await window.lab.commands.execute('apputils:change-theme', { theme: name }); return document.body.dataset.jpThemeName === name; },
    prompt: () => { const box = document.querySelector('.jp-Stdin-input'); box?.focus(); return box !== null; },
    kernel: () => panel().node.querySelector('.jp-KernelName').innerText,
    save: () => panel().context.save(),
    trusted: () => code().every(cell => cell.model.trusted),
    close: async () => { await panel().sessionContext.shutdown(); panel().dispose(); },
  };
})();
