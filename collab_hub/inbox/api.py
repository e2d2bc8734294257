"""/api/v1/tasks/: what waits for an official, and what can be done with it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from platform_core.common.api import KEY, idempotent
from platform_core.common.errors import NotAllowed

from . import dossier, selectors, services
from .query import BOXES, DUES, STAGES, InboxQuery
from .rows import row

ACTIONS = (
    "approve", "submit", "reject", "correct", "return", "transfer", "read", "abstain", "add_signer",
    "decline", "retry",
)  # fmt: skip
VERSION_WORDS = "The task's version that you saw. Answers 409 when it has changed since."


class LightSerializer(serializers.Serializer):
    level = serializers.CharField(help_text="green, yellow or red.")
    words = serializers.CharField()


class TaskSerializer(serializers.Serializer):
    """A task as a line of the inbox."""

    id = serializers.UUIDField(source="task.pk")
    version = serializers.IntegerField(source="task.version")
    state = serializers.CharField(source="task.state", help_text="open, later, done, cancelled.")
    kind = serializers.CharField(source="task.kind", help_text="approve, fill, cc, call.")
    stage = serializers.CharField(source="task.stage")
    title = serializers.JSONField(source="task.title", help_text='{"zh": …, "en": …}')
    napp = serializers.CharField(source="task.instance.napp_version.napp.slug")
    subject_type = serializers.CharField(source="task.instance.subject_type")
    subject_id = serializers.CharField(source="task.instance.subject_id")
    subject_label = serializers.JSONField(
        source="task.instance.subject_label", help_text='{"zh": …, "en": …}'
    )
    subject_number = serializers.CharField(source="task.instance.subject_number")
    assignee = serializers.CharField(source="task.assignee.username", allow_null=True, default=None)
    opened_at = serializers.DateTimeField(source="task.opened_at")
    due_at = serializers.DateTimeField(source="task.due_at", allow_null=True)
    closed_at = serializers.DateTimeField(source="task.closed_at", allow_null=True)
    outcome = serializers.CharField(source="task.outcome")
    light = LightSerializer(allow_null=True)


class EventSerializer(serializers.Serializer):
    title = serializers.CharField()
    at = serializers.DateTimeField()
    who = serializers.CharField()
    note = serializers.CharField()


class AnswerSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()
    text = serializers.CharField(help_text="As shown; personal numbers are masked.")
    is_masked = serializers.BooleanField()
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class TaskDetailSerializer(TaskSerializer):
    """A task with what may be done and what happened so far."""

    actions = serializers.ListField(child=serializers.CharField())
    return_steps = serializers.ListField(child=serializers.CharField())
    colleagues = serializers.ListField(child=serializers.CharField())
    answers = AnswerSerializer(many=True)
    history = EventSerializer(many=True)


class ActionSerializer(serializers.Serializer):
    """One action on a task."""

    action = serializers.ChoiceField(ACTIONS)
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text=VERSION_WORDS)
    opinion = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, trim_whitespace=False, default=""
    )
    to_user = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=20,
        default="",
        help_text="For transfer and add_signer: an id.",
    )
    to_node = serializers.CharField(
        required=False, allow_blank=True, max_length=60, default="", help_text="For return."
    )
    when = serializers.ChoiceField(
        ["", "before", "after"],
        required=False,
        default="",
        help_text="For add_signer: whether they sign before you or after you.",
    )
    back = serializers.ChoiceField(
        ["", "again", "direct"],
        required=False,
        default="",
        help_text="For return: through every step again, or straight back to you.",
    )
    fields_to_correct = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, max_length=300, default=list
    )
    data = serializers.JSONField(required=False, default=None, help_text="For submit: the answers.")

    def validate_data(self, value):
        if value is not None and not isinstance(value, dict):
            raise serializers.ValidationError(_("Answers are an object with field keys."))
        return value


class VersionSerializer(serializers.Serializer):
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text=VERSION_WORDS)


REFUSALS = {
    404: OpenApiResponse(description="There is no such task for you."),
    409: OpenApiResponse(description="Somebody was faster; the body says who and when."),
    422: OpenApiResponse(description="Something is missing; the body says where."),
}


class TasksView(generics.GenericAPIView):
    """The tasks in one box, the most urgent first."""

    permission_classes = [IsAuthenticated]
    serializer_class = TaskSerializer

    @extend_schema(
        tags=["tasks"],
        operation_id="tasks_list",
        parameters=[
            OpenApiParameter(
                "box",
                enum=[one for one in BOXES if one != "snoozed"],
                description="Default all: mine and my posts' pool.",
            ),
            OpenApiParameter("q", description="Words of the subject or its number."),
            OpenApiParameter("due", enum=DUES),
            OpenApiParameter("napp", description="Slug of an N-app."),
            OpenApiParameter("stage", enum=STAGES),
        ],
        responses=TaskSerializer(many=True),
    )
    def get(self, request):
        found = selectors.tasks(request.user, InboxQuery.read(request.query_params))
        page = self.paginate_queryset(found)
        rows = [row(task) for task in page]
        return self.get_paginated_response(TaskSerializer(rows, many=True).data)


def shown(user, task) -> dict:
    """The detail of a task for somebody who was let in."""
    found = dossier.dossier(user, task)
    return TaskDetailSerializer(
        {
            "task": task,
            "light": found.row.light,
            "actions": found.actions,
            "return_steps": [key for key, _title in found.earlier_steps],
            "colleagues": [key for key, _name in found.colleagues],
            "answers": [one for section in found.sections for one in section.answers],
            "history": found.timeline,
        }
    ).data


class TaskView(APIView):
    """One task, with what may be done about it."""

    permission_classes = [IsAuthenticated]

    @extend_schema(tags=["tasks"], operation_id="tasks_read", responses=TaskDetailSerializer)
    def get(self, request, task_id):
        return Response(
            shown(request.user, services.open_task(actor=request.actor, task_id=task_id))
        )


def done(request, task_id, action: str, version: int, **more) -> Response:
    """Carry out one action and answer with the task as it is then."""
    try:
        task = services.act_on_task(
            actor=request.actor, task_id=task_id, action=action, version=version, **more
        )
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from None
    return Response(TaskSerializer(row(task)).data)


class TaskActionsView(APIView):
    """Act on a task: one of the actions that its detail lists."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        tags=["tasks"],
        operation_id="tasks_act",
        request=ActionSerializer,
        parameters=[KEY],
        responses={200: TaskSerializer, **REFUSALS},
    )
    @idempotent
    def post(self, request, task_id):
        wanted = ActionSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = dict(wanted.validated_data)
        return done(request, task_id, fields=given.pop("fields_to_correct"), **given)


class TaskClaimView(APIView):
    """Take a task out of the pool for oneself."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        tags=["tasks"],
        operation_id="tasks_claim",
        request=VersionSerializer,
        parameters=[KEY],
        responses={200: TaskSerializer, **REFUSALS},
    )
    @idempotent
    def post(self, request, task_id):
        wanted = VersionSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        return done(request, task_id, "claim", wanted.validated_data["version"])


class TaskReleaseView(APIView):
    """Put a task of one's own back into the pool."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        tags=["tasks"],
        operation_id="tasks_release",
        request=VersionSerializer,
        parameters=[KEY],
        responses={200: TaskSerializer, **REFUSALS},
    )
    @idempotent
    def post(self, request, task_id):
        wanted = VersionSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        return done(request, task_id, "release", wanted.validated_data["version"])
