"""schemathesis against the OpenAPI document: whatever is sent, no 5xx, and every answer is as described."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from qa.ask.library import Library
from qa.config import Settings
from qa.web import create_app


@pytest.fixture
def document(library: Library, corpus: Path, tmp_path: Path) -> Any:
    app = create_app(Settings(corpus=corpus, index=tmp_path / "index"), library=library)
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def test_every_operation_keeps_to_the_document(document: Any) -> None:
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) == 14
    for operation in operations:

        @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def keeps(case: Any) -> None:
            # A question without a word is a string as the document says, and refused all the same.
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        keeps()
