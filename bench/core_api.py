"""`photofeed api` whose operations graphql-core executes: the same schema, resolvers, loaders and limits."""

from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from schema import schema
from server import serving
from settings import Settings

if __name__ == "__main__":
    schema.execution_context_class = StrawberryGraphQLCoreExecutionContext
    serving.serve(Settings.model_validate({}))
