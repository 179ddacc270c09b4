"""Clients see refusals and their own mistakes; of everything else only that it happened, with the request's id."""

import structlog

from tests.server.toy import CAUSE, Toy

MASKED = "Something went wrong on our side."


async def test_a_bug_in_a_field_is_masked_and_logged_with_its_traceback(edge: Toy) -> None:
    with structlog.testing.capture_logs() as logs:
        reply = await edge.ask("{ hello broken }")
    [error] = reply.json()["errors"]
    assert (reply.status_code, reply.json()["data"]) == (200, {"hello": "Hello world", "broken": None})
    assert (error["message"], error["path"]) == (MASKED, ["broken"])
    assert error["extensions"] == {"code": "INTERNAL", "requestId": reply.headers["x-request-id"]}
    assert CAUSE not in reply.text
    [logged] = [line for line in logs if line["log_level"] == "error"]
    assert str(logged["exc_info"]) == CAUSE


async def test_a_bug_that_leaves_no_data_still_has_status_200(edge: Toy) -> None:
    reply = await edge.ask("{ necessary }")
    assert (reply.status_code, reply.json()["data"]) == (200, None)
    assert reply.json()["errors"][0]["message"] == MASKED


async def test_a_value_that_does_not_fit_the_schema_is_our_bug(edge: Toy) -> None:
    reply = await edge.ask("{ tooLarge }")
    assert reply.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert str(2**40) not in reply.text


async def test_a_refusal_in_a_field_shows_its_text_and_extensions(edge: Toy) -> None:
    reply = await edge.ask("{ hello unavailable page(first: 101) }")
    unavailable, page = reply.json()["errors"]
    assert reply.status_code == 200
    assert unavailable["extensions"] == {"code": "UNAVAILABLE", "retryAfterMs": 1_500}
    assert (page["message"], page["extensions"]) == ("`first` must be 1 to 100.", {"code": "BAD_REQUEST"})


async def test_an_argument_that_turns_out_not_to_fit_is_the_clients_mistake(edge: Toy) -> None:
    reply = await edge.ask("query ($n: Int = 5) { page(first: $n) }", variables={"n": None})
    assert (reply.status_code, reply.json()["data"]) == (200, {"page": None})
    assert reply.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}


async def test_a_bug_outside_of_the_fields_is_a_masked_500(edge: Toy) -> None:
    reply = await edge.client.post("/graphql", json={"query": "{ hello }"}, headers={"authorization": "Bearer bug"})
    [error] = reply.json()["errors"]
    assert (reply.status_code, error["message"], error["extensions"]["code"]) == (500, MASKED, "INTERNAL")
    assert error["extensions"]["requestId"] == reply.headers["x-request-id"]
    assert CAUSE not in reply.text
