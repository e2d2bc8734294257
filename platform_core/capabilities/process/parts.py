"""What every part of a definition is made of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
StepKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$|^$")]
Stage = Literal["", "acceptance", "review", "decision", "certificate"]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
