"""What the person at the terminal sees once Photofeed runs."""

from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table

QUERY = """\
{
  viewer {
    feed(first: 3) {
      edges { node { caption author { username } media { url } } }
    }
  }
}"""


def greeting(address: str, login: str, password: str, home: Path) -> RenderableType:
    """`address` is that of the API."""
    facts = Table.grid(padding=(0, 2))
    facts.add_column()
    facts.add_column(overflow="fold")  # a path that is cut short is of no use
    facts.add_row("API", f"{address}/graphql")
    facts.add_row("GraphiQL", f"{address}/graphql in a browser, signed in")
    facts.add_row("Demo login", f"{login}, password {password}")
    facts.add_row("Logs", f"{home}/logs")
    facts.add_row("Stop", "Ctrl-C")
    query = Syntax(QUERY, "graphql", theme="ansi_dark", background_color="default")
    parts = Group(facts, "", "A query to try in GraphiQL:", "", query)
    return Panel(Padding(parts, (1, 2)), title="Photofeed runs", expand=False)
