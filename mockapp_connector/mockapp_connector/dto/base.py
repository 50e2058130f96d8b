"""What all of MockApp's objects have in common."""

import typing as t

from pydantic import BaseModel, ConfigDict, StringConstraints

Id = t.Annotated[str, StringConstraints(min_length=1)]


class Dto(BaseModel):
    """An object of MockApp's API: no type is coerced, and an unknown field is no error."""

    # A rejected value would otherwise be quoted in the log, in the traceback of the error.
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, hide_input_in_errors=True)
