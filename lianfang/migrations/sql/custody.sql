-- Purges are proposed and signed at the desk and done by the purge's own role.

GRANT SELECT, INSERT, UPDATE ON retention_rule, purge TO lianfang_app;
