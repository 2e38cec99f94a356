// Classic Jupyter Notebook: what the trial does in it, by its own buttons
// where a person would press one.
window.nb = (() => {
  const notebook = () => Jupyter.notebook;
  const code = () => notebook().get_cells().filter(cell => cell.cell_type === 'code');
  const last = () => code().at(-1);
  // A cell's reply may come before its outputs: it has ended when both are here.
  const ended = cell => {
    const message = notebook().kernel._msg_callbacks[cell.last_msg_id];
    return !message || message.shell_done && message.iopub_done;
  };
  return {
    ready: () => window.Jupyter?.notebook?.kernel?.is_connected() && document.querySelector('.code_cell'),
    idle: () => code().every(ended) && !notebook().kernel_busy && notebook().kernel.is_connected(),
    // Whether a request comes back both ways: behind a server that has started
    // a kernel anew, the way of the outputs may not be joined yet.
    answers: () => notebook().kernel.is_connected() && new Promise(resolve => {
      const status = message => { if (message.content.execution_state === 'idle') resolve(true); };
      notebook().kernel.send_shell_message('kernel_info_request', {}, { iopub: { status } });
      setTimeout(resolve, 2000, false);
    }),
    runAll: () => notebook().execute_all_cells(),
    cells: () => code().map(cell => ({
      source: cell.get_text(), count: cell.input_prompt_number, tags: cell.metadata.tags ?? [], outputs: cell.output_area.toJSON(),
    })),
    outputs: i => (i === undefined ? code() : [code()[i]]).flatMap(cell => [...cell.element[0].querySelectorAll('.output_area')]),
    code: () => [...last().element[0].querySelectorAll('.CodeMirror-line')],
    top: () => notebook().scroll_to_top(),
    height: () => document.querySelector('#notebook-container').offsetHeight + 200,
    add: source => {
      const cell = notebook().insert_cell_at_bottom('code');
      cell.set_text(source);
      notebook().select(notebook().ncells() - 1);
      notebook().scroll_to_bottom();
      notebook().edit_mode();
      cell.code_mirror.execCommand('goDocEnd');
      cell.code_mirror.focus();
    },
    run: () => last().execute(),
    buttons: {
      interrupt: 'button[data-jupyter-action="jupyter-notebook:interrupt-kernel"]',
      restart: 'button[data-jupyter-action="jupyter-notebook:confirm-restart-kernel"]',
      restartRunAll: 'button[data-jupyter-action="jupyter-notebook:confirm-restart-kernel-and-run-all-cells"]',
    },
    restarting: () => { nb.restart = false; notebook().events.one('kernel_ready.Kernel', () => { nb.restart = true; }); },
    restarted: () => nb.restart,
    confirm: () => { const button = document.querySelector('.modal.in .btn-danger, .modal.in .btn-primary'); button?.click(); return button !== null; },
    asked: () => !document.querySelector('.modal'),
    completions: () => [...document.querySelectorAll('.completions option')].map(e => e.textContent),
    tooltip: () => [...document.querySelectorAll('#tooltip')].filter(e => e.offsetHeight > 0).map(e => e.innerText).join('\n'),
    prompt: () => { const box = document.querySelector('.raw_input'); box?.focus(); return box !== null; },
    kernel: () => document.querySelector('#kernel_indicator').innerText.trim(),
    save: () => notebook().save_notebook(),
    trusted: () => notebook().trusted,
    close: () => notebook().session.delete(),
  };
})();
