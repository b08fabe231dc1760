"""The look of Gradio's own components: our colours, system fonts only (Gradio's own would be fetched)."""

from __future__ import annotations

from gradio.themes import Base, colors, sizes

_FONT = ["ui-sans-serif", "system-ui", "sans-serif"]
_MONO = ["ui-monospace", "monospace"]


def theme() -> Base:
    """Light and dark, in the colours of `ui/static/base.css`."""
    made = Base(
        primary_hue=colors.teal,
        secondary_hue=colors.teal,
        neutral_hue=colors.stone,
        radius_size=sizes.radius_lg,
        font=_FONT,
        font_mono=_MONO,
    )
    return made.set(
        body_background_fill="#f7f5f1",
        body_background_fill_dark="#151412",
        body_text_color="#1c1917",
        body_text_color_dark="#f2efea",
        body_text_color_subdued="#5a544d",
        body_text_color_subdued_dark="#b5aea5",
        border_color_primary="#e0dad1",
        border_color_primary_dark="#3a3630",
        block_background_fill="#ffffff",
        block_background_fill_dark="#1f1d1a",
        input_background_fill="#ffffff",
        input_background_fill_dark="#1f1d1a",
        input_placeholder_color="#5a544d",
        input_placeholder_color_dark="#b5aea5",
        button_primary_background_fill="#0d665e",
        button_primary_background_fill_dark="#63cfc2",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#0b2a27",
        color_accent_soft="#e2f0ee",
        color_accent_soft_dark="#17322f",
        link_text_color="#0d665e",
        link_text_color_dark="#63cfc2",
    )
