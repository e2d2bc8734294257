"""/api/v1/me/ and /api/v1/tokens/."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from security.actors import Actor
from security.identifiers import mask_citizen_number, mask_mobile, mask_name
from security.organs.selectors import active_posts

from . import selectors, token_services
from .middleware import has_second_factor
from .tokens import ApiTokenAuthentication


class FirmSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class PostSerializer(serializers.Serializer):
    title = serializers.CharField()
    department = serializers.CharField(source="department.name")
    department_code = serializers.CharField(source="department.code")
    region = serializers.CharField(source="department.region.code")


class MeSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=["citizen", "official", "admin", "auditor"])
    mobile = serializers.CharField(help_text="Masked.")
    real_name = serializers.CharField(help_text="Masked; empty when no identity is bound.")
    citizen_number = serializers.CharField(help_text="Masked; empty when no identity is bound.")
    acting_for = FirmSerializer(allow_null=True)
    firms = FirmSerializer(many=True)
    posts = PostSerializer(many=True)


class MeView(APIView):
    """Who this request is made as."""

    permission_classes = [IsAuthenticated]

    @extend_schema(responses=MeSerializer, tags=["me"])
    def get(self, request):
        user, held = request.user, selectors.identity_of(request.user)
        return Response(
            MeSerializer(
                {
                    "id": user.pk,
                    "username": user.username,
                    "name": user.name,
                    "kind": user.kind,
                    "mobile": mask_mobile(user.phone),
                    "real_name": mask_name(held.real_name) if held else "",
                    "citizen_number": mask_citizen_number(held.citizen_number) if held else "",
                    "acting_for": request.actor.firm,
                    "firms": selectors.firms_of(user),
                    "posts": active_posts(user),
                }
            ).data
        )


class TokenSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    label = serializers.CharField()
    hint = serializers.CharField(help_text="How the token begins.")
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class NewTokenSerializer(TokenSerializer):
    token = serializers.CharField(help_text="Shown this once.")


class TokenRequestSerializer(serializers.Serializer):
    username = serializers.CharField(required=False, max_length=150)
    password = serializers.CharField(required=False, max_length=200, write_only=True)
    label = serializers.CharField(max_length=80, default="API")
    days = serializers.IntegerField(min_value=1, max_value=token_services.MAX_DAYS, default=90)


class TokensView(APIView):
    """A person's tokens. A new one is given for user name and password, or to a signed-in
    session.
    """

    permission_classes = [AllowAny]
    authentication_classes = [ApiTokenAuthentication, SessionAuthentication]

    @extend_schema(responses=TokenSerializer(many=True), tags=["tokens"])
    def get(self, request):
        if not request.user.is_authenticated:
            raise AuthenticationFailed(_("Sign in first."))
        return Response(TokenSerializer(selectors.tokens_of(request.user), many=True).data)

    @extend_schema(
        request=TokenRequestSerializer, responses={201: NewTokenSerializer}, tags=["tokens"]
    )
    def post(self, request):
        asked = TokenRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        user = self._who(request, given)
        token, secret = token_services.issue_token(
            actor=Actor.of(
                user, channel="api", ip=request.actor.ip, request_id=request.actor.request_id
            ),
            user=user, label=given["label"], days=given["days"],
            has_second_factor=has_second_factor(request),
        )  # fmt: skip
        token.token = secret
        return Response(NewTokenSerializer(token).data, status=status.HTTP_201_CREATED)

    def _who(self, request, given):
        if request.auth is not None:
            # A stolen token must not be able to outlive its own end.
            raise PermissionDenied(_("A token cannot give out another token."))
        if request.user.is_authenticated:
            return request.user
        if not given.get("username") or not given.get("password"):
            raise AuthenticationFailed(_("Give user name and password, or sign in first."))
        try:
            user = get_adapter().authenticate(
                request, username=given["username"], password=given["password"]
            )
        except ValidationError as error:
            raise Throttled(detail=" ".join(error.messages)) from None
        if user is None:
            raise AuthenticationFailed(_("User name or password is wrong."))
        return user


class TokenView(APIView):
    """One of the person's own tokens."""

    permission_classes = [IsAuthenticated]

    @extend_schema(responses={204: None}, tags=["tokens"])
    def delete(self, request, token_id: int):
        token = selectors.tokens_of(request.user).filter(pk=token_id).first()
        if token is None:
            raise Http404
        token_services.revoke_token(actor=request.actor, token=token)
        return Response(status=status.HTTP_204_NO_CONTENT)
