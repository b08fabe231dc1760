"""The assistant for MCP clients: tools, resources and prompts, over stdio and HTTP.

Built from `ui.asking`, the table of capabilities and the official SDK.
Lists no capability itself.
"""
