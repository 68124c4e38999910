-- Who answers for a division. Nothing is rewritten: a row is added, acknowledged and ended, and says for good who it was.

GRANT SELECT, INSERT ON responsible_person, overlay, grid_staff TO lianfang_app;
GRANT UPDATE (until_at, acknowledged_at, acknowledged_by, ended_by, ended_as) ON responsible_person TO lianfang_app;
GRANT UPDATE (until_at, ended_by) ON overlay, grid_staff TO lianfang_app;
