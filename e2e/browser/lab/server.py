"""Serves the JupyterLab that vite built in this folder, over Debian's jupyterlab_server."""

import os

from jupyterlab_server import LabServerApp

HERE = os.path.dirname(os.path.abspath(__file__))


class App(LabServerApp):
    name = __name__
    app_name = "JupyterLab"
    app_namespace = "lab"
    app_version = "4.6.4"
    app_url = extension_url = default_url = "/lab"
    load_other_extensions = False
    static_dir = os.path.join(HERE, "dist")
    templates_dir = HERE
    schemas_dir = os.path.join(HERE, "schemas")
    themes_dir = os.path.join(HERE, "themes")
    app_settings_dir = os.path.join(HERE, "settings")
    user_settings_dir = os.path.join(HERE, "user")
    workspaces_dir = os.path.join(HERE, "workspaces")

    def initialize_settings(self):
        super().initialize_settings()
        page = self.settings.setdefault("page_config_data", {})
        page.update({"disabledExtensions": [], "notebookStartsKernel": True})


def _jupyter_server_extension_points():
    return [{"module": __name__, "app": App}]


if __name__ == "__main__":
    App.launch_instance()
