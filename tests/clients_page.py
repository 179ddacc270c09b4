"""The code of docs/clients.md, as its reader has it: the files that its blocks are."""

import re
import shutil
import subprocess
from pathlib import Path

from tests.server.node import NODE, NODE_TESTS

TREE = Path(__file__).parent.parent
PAGE = TREE / "docs" / "clients.md"
BLOCK = re.compile(r"^```js (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMPILER = '{"src": "./src", "schema": "schema.graphql", "language": "javascript", "eagerEsModules": true}'
TAG = re.compile(r"graphql`\s*\w+ (\w+).*?`", re.DOTALL)


def written(home: Path) -> Path:
    """Write the page's files, and what it says belongs to them; gives their directory."""
    files = home / "src"
    files.mkdir()
    for name, code in BLOCK.findall(PAGE.read_text()):
        (files / name).write_text(code)
    (home / "package.json").write_text('{"type": "module"}')
    (home / "node_modules").symlink_to(NODE_TESTS / "node_modules")
    shutil.copy(TREE / "schema.graphql", home)
    _compile_relay(home, files / "relay.js")
    return files


def _compile_relay(home: Path, file: Path) -> None:
    """What relay-compiler makes, and what an app's bundler then does: a tag becomes what was made of it."""
    (home / "relay.config.json").write_text(COMPILER)
    compiler = NODE_TESTS / "node_modules" / "relay-compiler" / "cli.js"
    subprocess.run([str(NODE), str(compiler), "relay.config.json"], cwd=home, check=True, capture_output=True)
    code = file.read_text()
    names = TAG.findall(code)
    imports = "".join(f'import {name} from "./__generated__/{name}.graphql.js";\n' for name in names)
    file.write_text(imports + TAG.sub(r"\1", code))
